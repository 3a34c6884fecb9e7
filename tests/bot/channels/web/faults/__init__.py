"""The pages while something goes wrong: crashes, repeats, races, disks, lines, and others who press what is not theirs."""
