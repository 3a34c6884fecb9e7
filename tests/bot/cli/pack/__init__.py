"""Tests of what people teach with: papers, answers on paper, and made-up cases of their own."""
