#!/usr/bin/env bash
# How the PEM files here were made, once, with OpenSSL 3. The tests only read them; run this again only to add one.
# Everything is valid for 100 years except what is meant to be expired or not yet valid. Keys are P-256: small and quick.
set -euo pipefail
cd "$(dirname "$0")"

key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt; }

# ca NAME SUBJECT: a self-signed root.
ca() {
  key > "$1.key"
  openssl req -x509 -new -key "$1.key" -subj "$2" -days 36500 -sha256 -out "$1.pem" \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign'
}

# issue NAME SUBJECT CA EXTENSIONS [FROM TO]: a certificate of a CA; dates as YYYYMMDDHHMMSSZ.
issue() {
  key > "$1.key"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  printf '%s\n' "$4" > "$1.ext"
  : > index.txt
  openssl rand -hex 16 > serial
  printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\norganizationName=optional\n' > ca.cnf
  openssl ca -batch -notext -config ca.cnf -cert "$3.pem" -keyfile "$3.key" -in "$1.csr" -extfile "$1.ext" -out "$1.pem" \
    -startdate "${5:-20260101000000Z}" -enddate "${6:-21260101000000Z}" -preserveDN
  rm -f "$1.csr" "$1.ext" ca.cnf index.txt* serial* ./[0-9A-F]*.pem
}

names='subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:gitlab.example.test,DNS:*.gitlab.example.test'
leaf=$'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n'

ca company '/O=Example Company/CN=Example Company Root CA'
ca other '/O=Another Company/CN=Another Root CA'
issue issuing '/O=Example Company/CN=Example Company Issuing CA' company $'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign'
issue good '/CN=gitlab.example.test' issuing "$leaf$names"
issue moved '/CN=gitlab.example.test' other "$leaf$names"
issue expired '/CN=gitlab.example.test' issuing "$leaf$names" 20240101000000Z 20250101000000Z
issue future '/CN=gitlab.example.test' issuing "$leaf$names" 21000101000000Z 21260101000000Z
issue elsewhere '/CN=gitlab.elsewhere.test' issuing "${leaf}subjectAltName=DNS:gitlab.elsewhere.test,DNS:git.elsewhere.test,IP:192.0.2.1"

# A lone self-signed certificate, as an installer makes it.
key > lone.key
openssl req -x509 -new -key lone.key -subj '/CN=gitlab.example.test' -days 36500 -sha256 -out lone.pem -addext "$names"

# Only what servers present needs its key here.
rm -f company.key other.key issuing.key
