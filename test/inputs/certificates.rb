# frozen_string_literal: true

# How GitLab’s reader takes CA texts: a JSON object of texts by name on standard input, the table on standard output.
# GitLab hands the text to Ruby's OpenSSL, which reads the first certificate (GitLab API contract 3.3).
require 'json'
require 'openssl'

def verdict(text)
  OpenSSL::Digest::SHA256.hexdigest(OpenSSL::X509::Certificate.new(text.strip).to_der)
rescue OpenSSL::X509::CertificateError
  'refused'
end

texts = JSON.parse($stdin.read)
puts JSON.pretty_generate(
  openssl: OpenSSL::OPENSSL_LIBRARY_VERSION,
  cases: texts.map { |name, text| { name: name, text: text, verdict: verdict(text) } }
)
