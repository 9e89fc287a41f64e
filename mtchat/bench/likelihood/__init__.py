"""How likely a model finds texts and conversations: windows over long ones, perplexity of their parts, reports."""
