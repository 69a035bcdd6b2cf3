"""What speaks to a chat model: opening one, its stream, the evidence as it is shown to it."""
