"""The form of the messages that a dataflow, or a profile in it, can make (A-MSG-1)."""
