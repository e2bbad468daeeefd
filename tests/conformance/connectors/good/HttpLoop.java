// Delivers with Java's HttpClient (11 or later): one message after another, none over a redirect.
import java.net.URI;
import java.net.http.*;
import java.nio.file.*;
import java.time.Duration;
import java.util.Set;

public class HttpLoop {
    static final Set<Integer> RETRIED = Set.of(0, 403, 408, 409, 429, 500, 502, 503, 504);
    static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static HttpRequest request(String body, int number) {
        return HttpRequest.newBuilder(URI.create(System.getenv("QUALTRICS_URL"))).timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json").header("X-API-TOKEN", System.getenv("QUALTRICS_API_TOKEN"))
            .header("X-Trace-Id", "message-" + number).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    }

    static boolean deliver(HttpRequest request) throws InterruptedException {
        int status = 0;
        for (long attempt = 0, wait = 0; attempt < 7 && RETRIED.contains(status); attempt++) {
            Thread.sleep(wait);
            status = 0;
            wait = 700L << attempt;
            try {
                var answer = CLIENT.send(request, HttpResponse.BodyHandlers.discarding());
                status = answer.statusCode();
                wait = answer.headers().firstValueAsLong("Retry-After").stream().map(s -> 1000 * s).findAny().orElse(wait);
            } catch (java.io.IOException error) { /* no answer: it is sent again */ }
        }
        if (status == 401) System.exit(1);
        return status / 100 == 2;
    }

    public static void main(String[] arguments) throws Exception {
        int number = 0, lost = 0;
        for (String line : Files.readAllLines(Path.of(System.getenv("MESSAGES")))) if (!deliver(request(line, ++number))) lost++;
        System.exit(lost == 0 ? 0 : 1);
    }
}
