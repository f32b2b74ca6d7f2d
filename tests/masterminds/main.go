// Says what github.com/Masterminds/semver makes of constraints and versions, one JSON line for each line that is asked.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/Masterminds/semver/v3"
)

// question is a line of standard input.
type question struct {
	Constraint string   `json:"constraint"`
	Versions   []string `json:"versions"`
}

// answer is a line of standard output.
type answer struct {
	// Problem says why the constraint does not parse; no version satisfies it then.
	Problem string `json:"problem,omitempty"`
	// Versions has what becomes of each version, in the order of the question.
	Versions []verdict `json:"versions"`
}

// verdict is what becomes of one version.
type verdict struct {
	// Reads tells whether it is a version at all.
	Reads bool `json:"reads"`
	// Releases tells whether it satisfies the constraint as it stands: IncludePrerelease is false.
	Releases bool `json:"releases"`
	// Prereleases tells whether it does when IncludePrerelease is true.
	Prereleases bool `json:"prereleases"`
}

func ask(question question) answer {
	answer := answer{Versions: make([]verdict, len(question.Versions))}
	constraints, err := semver.NewConstraint(question.Constraint)
	if err != nil {
		answer.Problem = err.Error()
	}
	for i, text := range question.Versions {
		version, err := semver.NewVersion(text)
		if err != nil {
			continue
		}
		answer.Versions[i].Reads = true
		if constraints == nil {
			continue
		}
		constraints.IncludePrerelease = false
		answer.Versions[i].Releases = constraints.Check(version)
		constraints.IncludePrerelease = true
		answer.Versions[i].Prereleases = constraints.Check(version)
	}
	return answer
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
		fmt.Fprintln(os.Stderr, "masterminds:", err)
		os.Exit(1)
	}
}
