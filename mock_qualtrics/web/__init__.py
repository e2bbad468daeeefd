"""Everything that Flask answers: trigger routes, control API, Run history pages, access control."""
