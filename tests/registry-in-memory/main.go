// Serves a registry in memory, of one library or another, filled with tags before it listens.
//
// Usage: registry-in-memory KIND HOST:PORT REPOSITORIES TAGS
//
// KIND is ocimem or go-containerregistry; the last two are files with a name in each line.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"cuelabs.dev/go/oci/ociregistry/ocimem"
	"cuelabs.dev/go/oci/ociregistry/ociserver"
	"github.com/google/go-containerregistry/pkg/registry"
)

// configuration is the whole of an image that has nothing in it.
const configuration = "{}"

// manifestType is the media type of the manifest of that image.
const manifestType = "application/vnd.oci.image.manifest.v1+json"

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: registry-in-memory KIND HOST:PORT REPOSITORIES TAGS")
	}
	handler, err := handlerOf(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := fill(handler, lines(os.Args[3]), lines(os.Args[4])); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, logged(handler)))
}

func handlerOf(kind string) (http.Handler, error) {
	switch kind {
	case "ocimem":
		return ociserver.New(ocimem.New(), nil), nil
	case "go-containerregistry":
		return registry.New(registry.Logger(log.New(io.Discard, "", 0))), nil
	default:
		return nil, fmt.Errorf("%q is no kind of registry", kind)
	}
}

// fill puts one image under every tag of every repository, by the requests of any client.
func fill(handler http.Handler, repositories, tags []string) error {
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(configuration)))
	manifest := fmt.Sprintf(
		`{"schemaVersion":2,"mediaType":%q,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":%q,"size":%d},"layers":[]}`,
		manifestType, digest, len(configuration))
	for _, repository := range repositories {
		blob := "/v2/" + repository + "/blobs/uploads/?digest=" + digest
		if err := push(handler, "POST", blob, "application/octet-stream", configuration); err != nil {
			return err
		}
		for _, tag := range tags {
			if err := push(handler, "PUT", "/v2/"+repository+"/manifests/"+tag, manifestType, manifest); err != nil {
				return err
			}
		}
	}
	return nil
}

func push(handler http.Handler, method, target, mediaType, body string) error {
	request := httptest.NewRequest(method, target, bytes.NewBufferString(body))
	request.Header.Set("Content-Type", mediaType)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	if answer.Code != http.StatusCreated {
		return fmt.Errorf("%s %s: %d %s", method, target, answer.Code, answer.Body)
	}
	return nil
}

func lines(file string) []string {
	text, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	return strings.Fields(string(text))
}

// logged prints a line in Apache's form for each request to the registry, before its answer is sent.
func logged(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if !strings.HasPrefix(request.URL.Path, "/v2/") {
			http.NotFound(answer, request)
			return
		}
		handler.ServeHTTP(&logging{ResponseWriter: answer, request: request}, request)
	})
}

// logging is an answer that is logged when its status is known.
type logging struct {
	http.ResponseWriter
	request *http.Request
	done    bool
}

func (l *logging) WriteHeader(status int) {
	if !l.done {
		l.done = true
		fmt.Printf("%s - - [] %q %d -\n", l.request.RemoteAddr,
			l.request.Method+" "+l.request.URL.RequestURI()+" "+l.request.Proto, status)
	}
	l.ResponseWriter.WriteHeader(status)
}

func (l *logging) Write(bytes []byte) (int, error) {
	if !l.done {
		l.WriteHeader(http.StatusOK)
	}
	return l.ResponseWriter.Write(bytes)
}
