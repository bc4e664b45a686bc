"""What an engagement holds of people: who is named, taking all of it out, erasing."""
