"""Commands about people and their records: admissions, holds, contacts, the audit. They print no answer of a case."""
