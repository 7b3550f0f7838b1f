// Package similar finds issues that say nearly the same.
package similar
