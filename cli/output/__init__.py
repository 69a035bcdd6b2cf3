"""What the terminal shows. Cable text is printed as rich `Text`, never as markup: brackets in a cable are its own."""
