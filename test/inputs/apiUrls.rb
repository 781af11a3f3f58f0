# frozen_string_literal: true

# How GitLab's own libraries take API URLs: `ruby apiUrls.rb > apiUrls.json` (Debian: ruby, ruby-addressable).
# "validator" follows GitLab API contract 3.3 up to the look-up of the name; "client" is Ruby's URI, which the Kubernetes
# client inside GitLab parses the stored text with.
require 'addressable/uri'
require 'addressable/version'
require 'json'
require 'uri'
require 'ipaddr'
require 'cgi'

def ip?(text)
  IPAddr.new(text)
  true
rescue StandardError
  false
end

def validator(text)
  uri = Addressable::URI.parse(text.strip)
  return 'URI is invalid' if CGI.unescape(text.strip).match?(/\n|\r/)
  return 'Only allowed schemes are http, https' unless %w[http https].include?(uri.scheme)

  host = uri.hostname.to_s
  host.empty? || ip?(host) || host.match?(/\A\p{Alnum}/) ? 'ok' : 'Hostname or IP address invalid'
rescue Addressable::URI::InvalidURIError
  'URI is invalid'
end

def client(text)
  uri = URI.parse(text.strip)
  uri.host.to_s.empty? ? 'no host' : 'ok'
rescue URI::InvalidURIError => e
  e.message.include?('ascii only') ? 'not ASCII' : 'bad URI'
end

host = 'k8s.example.com'
# One word each; HOST stands for k8s.example.com.
texts = <<~'WORDS'.split.map { |text| text.gsub('HOST', host) }
  https://HOST https://HOST:6443 https://HOST/ http://HOST:8080/path https://HOST:6443/k8s/clusters/c-abc12
  Https://HOST:6443 HTTPS://HOST hTTp://HOST https:HOST https:/HOST https:///HOST https:// https: HOST HOST:6443
  ftp://HOST ssh://HOST https://https://HOST http://https://HOST https://https:HOST https:https://HOST
  https://k8s-{{env}}.example.com:6443 https://{host} https://${NAME}:6443 https://$NAME:6443 https://<host>:6443 https://%NAME%:6443
  https://HOST\ https://HOST\path https:\\HOST https://HOST/a\b https://HOST/{path} https://HOST/<path> https://HOST/a|b
  https://HOST/a^b https://HOST/a`b https://HOST/%0a https://HOST/%0D https://HOST%0a https://HOST/%zz https://HOST/%41
  "https://HOST" 'https://HOST' https://"HOST" https://'HOST' https://HOST" https://HOST' https://HOST/" https://HOST/'
  <https://HOST> (https://HOST) [https://HOST] `https://HOST` https://HOST, https://HOST; https://HOST. https://HOST:
  https://HOST:0 https://HOST:65535 https://HOST:65536 https://HOST:99999 https://HOST:123456 https://HOST:64a3 https://HOST:-1
  https://HOST:{{port}} https://HOST:6443:6443 https://me:pw@HOST https://me@HOST:6443 https://@HOST https://a@b@HOST
  https://-k8s.example.com https://_k8s.example.com https://k8s_1.example.com https://.example.com https://k8s..example.com https://*.example.com
  https://k8s!.example.com https://k8s~.example.com https://k8s,example.com https://k8s|example.com https://k8s^example.com https://k8s=1
  https://10.0.0.1:6443 https://192.0.2.1 https://256.1.1.1 https://1.2.3.4.5 https://127.1 https://0x7f.1 https://2130706433 https://127.0.0.1.
  https://[2001:db8::1]:6443 https://[2001:db8::1] https://[::1 https://::1 https://2001:db8::1 https://[fe80::1%25eth0]:6443 https://[{}]
  https://HOST?a=b https://HOST/?a=b#c https://HOST#c https://%6b8s.example.com https://k%38s.example.com https://xn--mnchen-3ya.example
WORDS
texts += [
  'https://münchen.example', 'https://k8s.example.com/grün', "https://#{host}\u200b", "\u200bhttps://#{host}", "https://k8s\u200b.example.com",
  "https://#{host}/\u200b", "https://k8s.example\u202e.com", "\ufeffhttps://#{host}", "https://#{host}\u00a0", "\u00a0https://#{host}",
  "https://k8s\u00ad.example.com", "https://k8s.example.com\u2028", 'https://a b', "https://#{host} :6443", "https://#{host}/a b", " https://#{host} ",
  "https://#{host}\nhttps://x", "https://#{host}\tx", "https://k8s。example。com", "https://#{host}:６４４３", 'https://“k8s.example.com”', 'https://k8s․example.com'
]

puts JSON.pretty_generate(
  addressable: Addressable::VERSION::STRING, ruby: RUBY_VERSION,
  cases: texts.uniq.map { |text| { text: text, validator: validator(text), client: client(text) } }
)
