location.assign("/sign-in");
