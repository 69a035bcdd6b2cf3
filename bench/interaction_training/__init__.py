"""How models/interaction was trained; `bench/train_interaction.py` is the command."""
