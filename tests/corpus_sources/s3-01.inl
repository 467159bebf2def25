@title: THÔNG BÁO Kết quả cải cách hành chính
@place: phường Vỹ Dạ
@province: Huế
@level: ward
@date: 2025-08-20
@year: 2025
@kind: monthly
@layout: clean nfd
---
Từ đầu tháng, {L1 phường Vỹ Dạ} tiếp nhận {Q1 1.286} {U hồ sơ}, {I1 trả đúng hạn} {Q2 1.270} {U hồ sơ} (đạt {Q3 98,8}{U %}).
%% Q1 l=L1; Q2 m=I1 of=Q1; Q3 r=Q2 basis=total
