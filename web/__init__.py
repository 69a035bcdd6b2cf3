"""The web chat: panes made with Gradio, and pure functions that turn answers and cables into HTML."""
