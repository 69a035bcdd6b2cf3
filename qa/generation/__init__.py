"""Answers written: extractive without a chat model, generative with one."""
