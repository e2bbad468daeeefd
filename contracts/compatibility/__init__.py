"""Whether a dataflow's messages feed a workflow, and what a change of either breaks. Pure."""
