#!/usr/bin/env bash
# How the PEM files of Kubernetes API servers were made, once, with OpenSSL 3. The tests only read them; run this again only
# to add one. Everything is valid for 100 years except what is meant not to be. All servers share one P-256 key
# (cluster.key), except the weak one; the CAs' keys are thrown away.
set -euo pipefail
cd "$(dirname "$0")"

key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt; }

caExtensions=$'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'

# root NAME SUBJECT
root() {
  key > "$1.key"
  openssl req -x509 -new -key "$1.key" -subj "$2" -days 36500 -sha256 -out "$1.pem" \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign'
}

# issue NAME SUBJECT CA KEY EXTENSIONS [FROM TO [DIGEST]]: dates as YYYYMMDDHHMMSSZ. CA `self` signs with its own key.
issue() {
  openssl req -new -key "$4" -subj "$2" -out request.csr
  printf '%s\n' "$5" > request.ext
  : > index.txt
  openssl rand -hex 16 > serial
  printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\norganizationName=optional\n' > ca.cnf
  local by=(-cert "$3.pem" -keyfile "$3.key")
  [ "$3" = self ] && by=(-selfsign -keyfile "$4")
  openssl ca -batch -notext -config ca.cnf -md "${8:-sha256}" "${by[@]}" -in request.csr -extfile request.ext -out "$1.pem" \
    -startdate "${6:-20260101000000Z}" -enddate "${7:-21260101000000Z}" -preserveDN
  rm -f request.csr request.ext ca.cnf index.txt* serial* ./[0-9A-F]*.pem
}

leaf=$'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n'
inside='DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:10.96.0.1'
names="subjectAltName=$inside,DNS:localhost,DNS:k8s.example.test,IP:127.0.0.1,IP:::1"

key > cluster.key
openssl genrsa -traditional 1024 2>/dev/null | openssl pkcs8 -topk8 -nocrypt > weakKey.key

root clusterRoot '/CN=kubernetes'
root rebuiltRoot '/CN=kubernetes'
root secondRoot '/O=Second Cluster/CN=second-cluster-ca'
root gatewayRoot '/O=Example Company/CN=Example Web Gateway'
key > expiredRoot.key
issue expiredRoot '/CN=kubernetes-2015' self expiredRoot.key "$caExtensions" 20150101000000Z 20250101000000Z
key > clusterIssuing.key
issue clusterIssuing '/O=Example/CN=Example Cluster Issuing CA' clusterRoot clusterIssuing.key "$caExtensions"
key > constrainedIssuing.key
issue constrainedIssuing '/O=Example/CN=Example Constrained CA' clusterRoot constrainedIssuing.key "$caExtensions"$'\nnameConstraints=critical,permitted;DNS:inside.example.test'

issue api '/CN=kube-apiserver' clusterRoot cluster.key "$leaf$names"
issue apiBelow '/CN=kube-apiserver' clusterIssuing cluster.key "$leaf$names"
issue apiRebuilt '/CN=kube-apiserver' rebuiltRoot cluster.key "$leaf$names"
issue apiSecond '/CN=kube-apiserver' secondRoot cluster.key "$leaf$names"
issue apiResigned '/O=Example Company/CN=k8s.example.test' gatewayRoot cluster.key "$leaf$names"
issue apiOfExpired '/CN=kube-apiserver' expiredRoot cluster.key "$leaf$names"
issue apiInside '/CN=kube-apiserver' clusterRoot cluster.key "${leaf}subjectAltName=$inside"
issue apiCommonName '/CN=localhost' clusterRoot cluster.key "$leaf"
issue apiOtherCommonName '/CN=old.example.test' clusterRoot cluster.key "$leaf"
issue apiExpired '/CN=kube-apiserver' clusterRoot cluster.key "$leaf$names" 20240101000000Z 20250101000000Z
issue apiFuture '/CN=kube-apiserver' clusterRoot cluster.key "$leaf$names" 21000101000000Z 21260101000000Z
issue apiSha1 '/CN=kube-apiserver' clusterRoot cluster.key "$leaf$names" '' '' sha1
issue apiWeakKey '/CN=kube-apiserver' clusterRoot weakKey.key "$leaf$names"
issue apiConstrained '/CN=kube-apiserver' constrainedIssuing cluster.key "$leaf$names"
issue apiClientOnly '/CN=kube-apiserver' clusterRoot cluster.key $'basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n'"$names"
issue ingressDefault '/O=Acme Co/CN=Kubernetes Ingress Controller Fake Certificate' self cluster.key "${leaf}subjectAltName=DNS:ingress.local"
issue apiSelfSigned '/CN=kube-apiserver-lone' self cluster.key "$leaf$names"

rm -f ./*Root.key ./*Issuing.key
