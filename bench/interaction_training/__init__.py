"""How vectorstore/weights was trained; `bench/train_interaction.py` is the command."""
