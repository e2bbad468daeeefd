"""What a web_service task calls: which URLs it may call, and the call itself."""
