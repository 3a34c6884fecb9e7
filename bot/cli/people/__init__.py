"""Commands about people and what is on record of them: admissions, holds, contacts, the audit. They print no answer of a case."""
