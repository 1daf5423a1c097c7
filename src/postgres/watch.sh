# Runs PostgreSQL ("$@") and ends it when whoever holds the other end of our stdin is gone: a pipe
# closes however its holder dies. Removes $CPOR_SCRATCH and $CPOR_SCRATCH_SOCKET afterwards, if set.
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{ read -r _ <&3; kill -INT "$server"; } 2>/dev/null &
watcher=$!
exec 3<&-
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
if [ -n "$CPOR_SCRATCH" ]; then rm -rf -- "$CPOR_SCRATCH" "$CPOR_SCRATCH_SOCKET"; fi
exit "$status"
