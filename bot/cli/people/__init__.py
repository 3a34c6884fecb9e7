"""The commands about people and their records: admissions, holds, contacts, the audit. None prints an answer of a case."""
