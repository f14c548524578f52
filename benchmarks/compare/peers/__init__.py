"""The entrants: each a program that reads a folder with a case and writes what it found."""
