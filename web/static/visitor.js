// Where a session has ended, the way to the sign-in page and back

const plainFetch = window.fetch;
window.fetch = async (...request) => {
  const response = await plainFetch(...request);
  if (response.status === 401) location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
  return response;
};
