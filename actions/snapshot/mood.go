package main

// feeling is how a text feels, from -1 to 1.
var feeling func(string) float64
