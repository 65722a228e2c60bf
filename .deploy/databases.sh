#!/bin/sh
# Two databases with an owner each, run once by the image of PostgreSQL when its volume is new; by hand as well, as a
# superuser (PGHOST and its like say where). Who works cannot open the database of who serves: what it writes is read as
# strangers' JSON, and its connections are counted, so that it cannot take them all.
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
\getenv serve DATABASE_PASSWORD
\getenv work WORK_DATABASE_PASSWORD
CREATE ROLE accession LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'serve';
CREATE ROLE accession_work LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 100 PASSWORD :'work';
CREATE DATABASE accession OWNER accession ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE accession_work OWNER accession_work ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE accession, accession_work, postgres, template1 FROM PUBLIC;
SQL
