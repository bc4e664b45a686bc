"""What a draft or a version would make of every assessment that runs on its framework. Changes nothing."""
