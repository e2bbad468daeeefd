# Two trigger calls and a new tenant, with Ruby's net/http as it comes.
require "json"
require "net/http"

trigger, token, tenants = ARGV
headers = { "Content-Type" => "application/json", "X-API-TOKEN" => token }
address = URI(trigger)
Net::HTTP.start(address.host, address.port, nil) do |http|
  [[trigger, { client: "ruby" }], [trigger, { client: "ruby" }], [tenants, { clock: "virtual" }]].each do |url, body|
    response = http.post(URI(url).request_uri, JSON.generate(body), headers)
    puts "#{response.body} #{response.code}"
  end
end
