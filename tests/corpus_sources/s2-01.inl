@title: Kế hoạch đầu tư công
@place: huyện Nghi Xuân
@province: Hà Tĩnh
@level: district
@date: 2022-01-11
@year: 2022
@kind: plan
@layout: wrap=64
@phenomena: J4
---
{J1 Công trình Nâng cấp {L1 đường Tiên Điền} (đoạn từ ngã tư đến bến đò)} có {I1 tổng mức đầu tư} {Q1 38.500} {U triệu đồng}, {I2 kế hoạch vốn} {P1 năm 2022} là {Q2 12.000} {U triệu đồng}.
%% J1 f=Q1,Q2; Q1 m=I1; Q2 m=I2 p=P1 +plan
