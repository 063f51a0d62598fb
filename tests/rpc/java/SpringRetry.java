// Signs in with Spring's RestClient and spring-retry; prints the last status, and how often it was tried again.
// Arguments: the address of a sandbox, the api-key, the login name, the password.

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.MediaType;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

public class SpringRetry {
    public static void main(String[] arguments) {
        var client = RestClient.builder().baseUrl(arguments[0]).defaultHeader("api-key", arguments[1]).build();
        var body = "{\"email\":\"%s\",\"password\":{\"value\":\"%s\"}}".formatted(arguments[2], arguments[3]);
        var tries = new AtomicInteger();
        var retry = RetryTemplate.builder()
                .maxAttempts(4)
                .fixedBackoff(1)
                .retryOn(RestClientException.class)
                .build();
        int status;
        try {
            status = retry.execute(context -> {
                tries.incrementAndGet();
                return client.post()
                        .uri("/multi/login_with_password")
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(body)
                        .retrieve()
                        .toEntity(String.class)
                        .getStatusCode()
                        .value();
            });
        } catch (HttpServerErrorException refused) {
            status = refused.getStatusCode().value();
        }
        System.out.printf("{\"status\": %d, \"retries\": %d}%n", status, tries.get() - 1);
    }
}
