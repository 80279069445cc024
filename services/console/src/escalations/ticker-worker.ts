// A browser slows the timers of a page that is not looked at down to one a minute, and a supervisor with another window in
// front would count as gone. The timers of a worker keep their pace.
setInterval(() => postMessage('tick'), 1_000);
