package verdict

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Confidence is how sure a rate must be past a threshold, from 0.5 to 0.9999.
type Confidence float64

// Default is the confidence where rules.yaml names none.
const Default Confidence = 0.95

var confidenceForm = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,12})?%?$`)

// ParseConfidence reads 95% and 0.95.
func ParseConfidence(s string) (Confidence, error) {
	s = strings.TrimSpace(s)
	digits, percent := strings.CutSuffix(s, "%")
	if percent {
		digits += "e-2" // not divided after: 99.9% is the number nearest to 0.999
	}
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil || !confidenceForm.MatchString(s) || value < 0.5 || value >= 1 {
		return 0, fmt.Errorf("%q is not a confidence: expected a share from 50%% to below 100%%", s)
	}
	if value > 0.9999 {
		return 0, fmt.Errorf("%q is surer than a sample can be: expected at most 99.99%%", s)
	}
	return Confidence(value), nil
}

// String writes per cent, as rules.yaml does.
func (c Confidence) String() string {
	percent := strconv.FormatFloat(float64(c)*100, 'f', 10, 64)
	return strings.TrimRight(strings.TrimRight(percent, "0"), ".") + "%"
}

// UnmarshalYAML reads 95%.
func (c *Confidence) UnmarshalYAML(node *yaml.Node) error {
	got, err := ParseConfidence(node.Value)
	if err != nil {
		return err
	}
	*c = got
	return nil
}

// orDefault is the confidence, or the default where none was named.
func (c Confidence) orDefault() Confidence {
	if c == 0 {
		return Default
	}
	return c
}
