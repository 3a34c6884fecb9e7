"""The ways in which people reach the bot: hearing, showing, delivery and recovery, which are the same for every channel.

It refuses to know any messenger's words: those stay in the folder of their channel, which only translates.
"""
