// Asks for the requests of a sandbox with WireMock's own client; prints what it learned as JSON.
// Arguments: the host, the port, the path prefix of the sandbox. One POST to /multi/login_with_password was sent.

import static com.github.tomakehurst.wiremock.client.WireMock.*;

import com.github.tomakehurst.wiremock.client.VerificationException;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.common.InvalidInputException;

public class WireMockClient {
    public static void main(String[] arguments) {
        var client = new WireMock(arguments[0], Integer.parseInt(arguments[1]), arguments[2]);
        var login = postRequestedFor(urlEqualTo("/multi/login_with_password"))
                .withHeader("Content-Type", containing("json"))
                .withRequestBody(equalToJson("{\"password\":{\"value\":\"***\"}}", true, true))
                .withRequestBody(matchingJsonPath("$.email", containing("@")));
        client.verifyThat(login);
        client.verifyThat(1, login);
        var failure = "";
        try {
            client.verifyThat(postRequestedFor(urlEqualTo("/multi/login_with_passwort")));
        } catch (VerificationException missing) {
            failure = missing.getMessage();
        }
        var near = client.findAllNearMissesFor(postRequestedFor(urlPathEqualTo("/multi/login")));
        var unsupported = "";
        try {
            client.find(anyRequestedFor(anyUrl()).withClientIp(equalTo("127.0.0.1")));
        } catch (InvalidInputException refused) {
            unsupported = refused.getErrors().first().getDetail();
        }
        var events = client.getServeEvents();
        var found = client.find(anyRequestedFor(urlPathMatching("/multi/.*")));
        var unmatched = client.findAllUnmatchedRequests();
        WireMock.configureFor(client);
        WireMock.removeServeEvent(events.get(0).getId());
        var left = client.getServeEvents().size();
        client.resetRequests();
        System.out.printf(
                "{\"told\": %b, \"near\": %d, \"unsupported\": %b, \"events\": %d, \"body\": %b, \"unmatched\": \"%s\","
                        + " \"left\": %d, \"reset\": %d}%n",
                failure.contains("login_with_passwort") && failure.contains("Most similar request"),
                near.size(),
                unsupported.startsWith("clientIp is not supported"),
                events.size(),
                found.get(0).getBodyAsString().contains("\"***\""),
                unmatched.get(0).getUrl(),
                left,
                client.getServeEvents().size());
    }
}
