-- The database and the roles of the SERAF bot in PostgreSQL 15 to 18. Run it as a superuser of the server or, in a managed
-- service, as its administrator, who has CREATEDB and CREATEROLE:
--   psql -f postgresql-roles.sql                     one role, which owns its tables
--   psql -v separate=yes -f postgresql-roles.sql     two roles: one owns the tables, and the other reads and writes them
-- Then set the passwords, which psql hashes before it sends them: \password seraf
-- It may be run again: what is there stays, and its grants are set anew.
\set ON_ERROR_STOP on

-- The bot logs in as this role. It rules over nothing but its own database. A copy uses up to four connections, a command two.
SELECT 'CREATE ROLE seraf LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 24'
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'seraf') \gexec

-- Who is no superuser has to be a member of the owner to make its database. At the end they are one no more.
\set owner seraf
\if :{?separate}
    -- The address of this role is SERAF_STORE_OWNER. The bot upgrades the tables and rewrites their files with it.
    SELECT 'CREATE ROLE seraf_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8'
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'seraf_owner') \gexec
    \set owner seraf_owner
\endif
GRANT :owner TO CURRENT_USER;
SELECT format('CREATE DATABASE seraf OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C''', :'owner')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'seraf') \gexec

-- Nobody else may enter the database or make anything in it. The schema belongs to the owner of the database.
REVOKE ALL ON DATABASE seraf FROM PUBLIC;
GRANT CONNECT ON DATABASE seraf TO seraf;
\connect seraf
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO seraf;

\if :{?separate}
    -- What the owner makes from now on, the bot may read and write, and nothing more.
    ALTER DEFAULT PRIVILEGES FOR ROLE seraf_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO seraf;
\endif
REVOKE :owner FROM CURRENT_USER;
