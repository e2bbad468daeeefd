import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Two trigger calls and a new tenant, with java.net.http as it comes: it asks for h2c. */
public class Client {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int call = 0; call < 2; call++) {
            post(client, arguments[0], arguments[1], "{\"client\": \"java\"}");
        }
        post(client, arguments[2], arguments[1], "{\"clock\": \"virtual\"}");
    }

    static void post(HttpClient client, String url, String token, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .header("X-API-TOKEN", token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(response.body() + " " + response.statusCode());
    }
}
