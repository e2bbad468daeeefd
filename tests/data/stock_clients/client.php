<?php
// Two trigger calls with curl, which asks for h2c, and a new tenant with PHP's own streams.
[, $trigger, $token, $tenants] = $argv;
$headers = ["Content-Type: application/json", "X-API-TOKEN: $token"];

$curl = curl_init($trigger);
curl_setopt_array($curl, [
    CURLOPT_POSTFIELDS => json_encode(["client" => "php"]),
    CURLOPT_HTTPHEADER => $headers,
    CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_2_0,
    CURLOPT_RETURNTRANSFER => true,
]);
for ($call = 0; $call < 2; $call++) {
    $body = curl_exec($curl);
    echo "$body ", curl_getinfo($curl, CURLINFO_RESPONSE_CODE), "\n";
}

$request = ["method" => "POST", "header" => $headers, "content" => '{"clock": "virtual"}'];
$body = file_get_contents($tenants, false, stream_context_create(["http" => $request]));
echo "$body ", explode(" ", $http_response_header[0])[1], "\n";
