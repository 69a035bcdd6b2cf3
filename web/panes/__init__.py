"""The panes of the page, made with Gradio."""
