"""Tests of the commands for trainers: papers, answers given on paper, and made-up cases of their own."""
