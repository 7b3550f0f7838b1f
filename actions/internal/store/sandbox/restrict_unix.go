//go:build unix

package sandbox

import "syscall"

// overhead is what the program itself needs beside DuckDB's memory, in MiB.
const overhead = 512

// restrict bounds what the process may use, whatever DuckDB does: its memory, no
// file of any size, no dump of its memory.
func restrict(mebibytes int) error {
	for resource, most := range map[int]uint64{
		syscall.RLIMIT_DATA: uint64(mebibytes+overhead) << 20, syscall.RLIMIT_FSIZE: 0, syscall.RLIMIT_CORE: 0,
	} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}
