"""What a plan's output has beside its table: proposals, a comparison, a chart, a page."""
