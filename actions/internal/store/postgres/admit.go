package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// powers are what a user of the database may be or become, beyond reading: a
// query can take on any role that its user is a member of. Roles that the server
// does not have are left out.
const powers = `
SELECT r.rolname::text AS role, r.rolsuper AS super, current_user::text AS me, (r.rolname = session_user) AS own
FROM pg_roles r
WHERE (r.rolsuper OR r.rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'))
  AND pg_has_role(session_user, r.oid, 'MEMBER')
ORDER BY r.rolname = session_user DESC, r.rolsuper DESC, 1`

// admit refuses a user who can reach more than tables: a read-only transaction
// does not keep a superuser from the files and programs of the server.
func (p *Database) admit(ctx context.Context) error {
	var found model.Table
	err := p.transact(ctx, func(ctx context.Context) (err error) {
		found, err = p.read(ctx, powers, model.Window{})
		return err
	})
	if err != nil {
		return fmt.Errorf("see what the user of TELEMETRY_DSN may do: %w", err)
	}
	if len(found.Rows) == 0 {
		return nil
	}
	role, super, own := found.Rows[0][0], found.Rows[0][1] == true, found.Rows[0][3] == true
	what := fmt.Sprintf("is a member of %v", role)
	switch {
	case super && own:
		what = "is a superuser"
	case super:
		what = fmt.Sprintf("is a member of %v, a superuser", role)
	}
	return fmt.Errorf("the user %v of TELEMETRY_DSN %s, so a query could reach the files and programs of the server. "+
		"Use a role that can only read: CREATE ROLE aftercare LOGIN PASSWORD '…'; GRANT USAGE ON SCHEMA public TO aftercare; GRANT SELECT ON %s TO aftercare",
		found.Rows[0][2], what, strings.Join(events, ", "))
}

// events are the tables of telemetry.
var events = []string{"session_start_events", "command_generation_events", "safety_validation_events", "backend_error_events", "telemetry_consent_events"}
