"""Adobe Experience Platform's side: profiles in, exported messages out."""
