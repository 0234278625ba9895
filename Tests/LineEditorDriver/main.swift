drive()
