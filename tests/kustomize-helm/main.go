// Builds kustomizations and renders charts as kustomize and Helm do, one JSON line for each line that is asked.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// question is a line of standard input: either a folder to build or a chart to render.
type question struct {
	// Files has the text of each file by its path.
	Files map[string]string `json:"files"`
	// Build is the folder that kustomize builds; without it the files are a chart.
	Build string `json:"build"`
	// Values is the text of a file of values for the chart, as `helm template --values` gets it.
	Values string `json:"values"`
}

// answer is a line of standard output.
type answer struct {
	// Problem says why there is nothing, in the words of the tool.
	Problem string `json:"problem,omitempty"`
	// Rendered is what would be applied to a cluster.
	Rendered string `json:"rendered"`
}

func kustomize(question question) (string, error) {
	files := filesys.MakeFsInMemory()
	for path, text := range question.Files {
		if err := files.WriteFile(path, []byte(text)); err != nil {
			return "", err
		}
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, question.Build)
	if err != nil {
		return "", err
	}
	rendered, err := built.AsYaml()
	return string(rendered), err
}

func helm(question question) (string, error) {
	var files []*loader.BufferedFile
	for path, text := range question.Files {
		files = append(files, &loader.BufferedFile{Name: path, Data: []byte(text)})
	}
	chart, err := loader.LoadFiles(files)
	if err != nil {
		return "", err
	}
	given, err := chartutil.ReadValues([]byte(question.Values))
	if err != nil {
		return "", err
	}
	release := chartutil.ReleaseOptions{Name: "shop", Namespace: "default", IsInstall: true}
	values, err := chartutil.ToRenderValues(chart, given, release, chartutil.DefaultCapabilities)
	if err != nil {
		return "", err
	}
	manifests, err := engine.Render(chart, values)
	if err != nil {
		return "", err
	}
	var paths []string
	for path := range manifests {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	var rendered strings.Builder
	for _, path := range paths {
		fmt.Fprintf(&rendered, "---\n%s\n", manifests[path])
	}
	return rendered.String(), nil
}

func ask(question question) answer {
	render := helm
	if question.Build != "" {
		render = kustomize
	}
	rendered, err := render(question)
	if err != nil {
		return answer{Problem: err.Error()}
	}
	return answer{Rendered: rendered}
}

func run(input io.Reader, output io.Writer) error {
	questions := json.NewDecoder(bufio.NewReader(input))
	buffered := bufio.NewWriter(output)
	answers := json.NewEncoder(buffered)
	for {
		var next question
		if err := questions.Decode(&next); errors.Is(err, io.EOF) {
			return buffered.Flush()
		} else if err != nil {
			return err
		}
		if err := answers.Encode(ask(next)); err != nil {
			return err
		}
	}
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "kustomize-helm:", err)
		os.Exit(1)
	}
}
