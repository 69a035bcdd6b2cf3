"""The places that know the insides of Gradio and uvicorn, each with the version it was seen in and a test."""
