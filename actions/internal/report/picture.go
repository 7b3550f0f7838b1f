package report

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// The size of a picture for a mail, in pixels.
const pictureWidth, pictureHeight = 560, 120

var pictureColors = map[string]color.RGBA{
	"ground": {255, 255, 255, 255}, "edge": {208, 215, 222, 255}, "curve": {9, 105, 218, 255},
	"target": {26, 127, 55, 255}, "warning": {154, 103, 0, 255}, "critical": {207, 34, 46, 255},
}

// Picture is the past of a metric as a PNG for mails, whose programs show no
// SVG: the curve, with target and thresholds where they are in reach. Its words
// stand beside it. It is nil where there is no past of two values.
func Picture(e Entry) []byte {
	points := append([]metric.Reading{}, e.History...)
	if len(points) == 0 || !points[len(points)-1].At.Equal(e.Reading.At) {
		points = append(points, e.Reading)
	}
	var known []metric.Reading
	for _, r := range points {
		if r.Value != nil && !math.IsInf(*r.Value, 0) && !math.IsNaN(*r.Value) {
			known = append(known, r)
		}
	}
	if len(known) < 2 {
		return nil
	}
	c := newCanvas(known, e)
	img := image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	x := func(n int) float64 { return 8 + float64(n)*(pictureWidth-16)/float64(len(known)-1) }
	y := func(v float64) float64 { return 8 + (pictureHeight-16)*(1-(v-c.low)/(c.high-c.low)) }
	for _, v := range []float64{c.low, c.high} {
		stroke(img, 8, y(v), pictureWidth-8, y(v), 1, pictureColors["edge"])
	}
	for _, b := range chartBounds(e) {
		if b.is.Value >= c.low && b.is.Value <= c.high {
			for from := 8.0; from < pictureWidth-12; from += 10 {
				stroke(img, from, y(b.is.Value), from+5, y(b.is.Value), 2, pictureColors[b.name])
			}
		}
	}
	for n := 1; n < len(known); n++ {
		stroke(img, x(n-1), y(*known[n-1].Value), x(n), y(*known[n].Value), 2, pictureColors["curve"])
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil // an image in memory always encodes
	}
	return out.Bytes()
}

// stroke draws a line, so many pixels wide.
func stroke(img *image.RGBA, x0, y0, x1, y1 float64, width int, ink color.RGBA) {
	steps := int(max(math.Abs(x1-x0), math.Abs(y1-y0))) + 1
	for i := 0; i <= steps; i++ {
		t := float64(i) / float64(steps)
		px, py := int(math.Round(x0+(x1-x0)*t)), int(math.Round(y0+(y1-y0)*t))
		for dx := range width {
			for dy := range width {
				img.SetRGBA(px+dx, py+dy, ink)
			}
		}
	}
}
