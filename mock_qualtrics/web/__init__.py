"""The Flask app: trigger routes, control API, Run history pages, access control."""
