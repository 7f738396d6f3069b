/** What the names of clients are made of; the search terms are taken from the same words. */
export const FIRST_NAMES =
  `Aarav Aditi Aditya Ajay Akash Amit Amrita Anand Ananya Anil Anita Anjali Arjun Arun Asha Ashok
  Bhavna Chetan Chitra Deepa Deepak Dev Dinesh Divya Esha Farhan Farida Gauri Gautam Geeta Girish Gopal Hari Harsha Hema
  Imran Indira Isha Ishaan Jaya Jayant Jyoti Kabir Kamal Kavita Kiran Kishore Krishna Lakshmi Lalit Lata Leela Madhav Mahesh
  Manish Manju Maya Meena Mehul Mira Mohan Mukesh Nandini Naresh Neha Nikhil Nisha Nitin Padma Pankaj Pooja Prakash Pranav
  Priya Radha Rahul Rajesh Rakesh Ramesh Ravi Rekha Ritu Rohan Sachin Sanjay Sarita Savita Shalini Shankar Shreya Sita Sunil
  Sunita Suresh Tara Uma Usha Varun Vijay Vikram Vinod Yamini Yash`.split(/\s+/);
export const LAST_NAMES =
  `Agarwal Ahuja Apte Arora Bajaj Banerjee Basu Bhandari Bhat Bhatia Bose Chatterjee Chauhan Chopra
  Choudhary Dalal Das Desai Deshmukh Deshpande Dixit Dutta Fernandes Gandhi Ganguly Ghosh Gokhale Goswami Grover Gupta Hegde
  Iyengar Iyer Jain Jha Joshi Kamath Kapoor Kaur Khan Khanna Kulkarni Kumar Malhotra Mehta Menon Mishra Mistry Modi Mukherjee
  Naidu Nair Nambiar Nanda Narayan Oberoi Pandey Parekh Patel Pathak Patil Pillai Prasad Puri Qureshi Raghavan Rana Rao Rastogi
  Rathore Reddy Roy Sahni Saxena Sen Sengupta Seth Shah Sharma Shetty Shinde Shukla Singh Sinha Sodhi Soni Srinivasan Subramanian
  Tandon Thakur Thomas Tiwari Tripathi Trivedi Varma Venkatesh Verma Vyas Wadhwa Yadav`.split(/\s+/);
export const TRADES = [
  'Textiles',
  'Traders',
  'Motors',
  'Foods',
  'Exports',
  'Chemicals',
  'Builders',
  'Logistics'
];
export const CITIES = ['Mumbai', 'Pune', 'Delhi', 'Chennai', 'Kolkata', 'Bengaluru', 'Hyderabad', 'Jaipur'];
export const SUBJECTS = [
  'Talked about the next instalment',
  'Sent the statement for the quarter',
  'Asked about tax on the redemption',
  'Reviewed the whole portfolio together',
  'Wants to add a nominee',
  'Explained the exit load'
];
